import { defineSignal } from '@temporalio/workflow';

/** To a delivery: send it again, whatever came of it before. */
export const redeliverSignal = defineSignal<[]>('redeliver');
