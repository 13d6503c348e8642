/**
 * Workflow id of a login, made of its connection's, so that both name the same installation: `auth:<connection>` begins
 * `auth-flow:<flow>`, and `auth:<installation>:<connection>` begins `auth-flow:<installation>:<flow>`.
 */
export function flowWorkflowId(connectionWorkflowId: string, connectionId: string, flowId: string): string {
  const parts = connectionWorkflowId.split(':');
  const isNamed = parts.length === 3 && parts[0] === 'auth' && parts[2] === connectionId;
  return isNamed ? `auth-flow:${parts[1]}:${flowId}` : `auth-flow:${flowId}`;
}
