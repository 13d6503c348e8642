/** The door to the workflows that deliver webhook messages. Throws `EngineUnavailable` (no answer within 5 s). */
export interface WebhookGateway {
  /** Delivers a message by workflow; nothing happens where one is on its way. */
  deliver(deliveryId: string): Promise<void>;
  /** Sends a message again, by hand: at once, also where its next attempt is hours away. */
  redeliver(deliveryId: string): Promise<void>;
}
