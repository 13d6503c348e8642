/** Activities of webhooks, on the shared queue: any worker may run them. */
export interface WebhookActivities {
  /** Sends one webhook message once. `again`: the receiver did not take it; with `last`, it is noted as failed. */
  deliverWebhook(input: { deliveryId: string; last: boolean }): Promise<'delivered' | 'gone' | 'again'>;
}
