import type { KeycloakAdmin } from './keycloak-admin.ts';

const FLOW = 'browser username first';

interface Execution {
  id: string;
  requirement: string;
  displayName?: string;
  providerId?: string;
}

/** Has a realm ask for the user name, then for the password, then for a code where the person has a second factor. */
export async function useUsernameFirst(admin: KeycloakAdmin, realm: string): Promise<void> {
  const flows = `/${realm}/authentication/flows`;
  const addStep = (flow: string, provider: string) =>
    admin.post(`${flows}/${encodeURIComponent(flow)}/executions/execution`, { provider });
  const addFlow = (flow: string, alias: string) =>
    admin.post(`${flows}/${encodeURIComponent(flow)}/executions/flow`, { alias, type: 'basic-flow' });

  await admin.post(flows, { alias: FLOW, providerId: 'basic-flow', topLevel: true, builtIn: false });
  await addStep(FLOW, 'auth-cookie');
  await addFlow(FLOW, 'username then password');
  await addStep('username then password', 'auth-username-form');
  await addStep('username then password', 'auth-password-form');
  await addFlow('username then password', 'code when there is one');
  await addStep('code when there is one', 'conditional-user-configured');
  await addStep('code when there is one', 'auth-otp-form');

  // New steps are disabled until each is given its requirement.
  const executions = `${flows}/${encodeURIComponent(FLOW)}/executions`;
  for (const step of await admin.get<Execution[]>(executions)) {
    await admin.put(executions, { ...step, requirement: requirementOf(step) });
  }
  await admin.put(`/${realm}`, { browserFlow: FLOW });
}

function requirementOf({ providerId, displayName }: Execution): string {
  if (providerId === 'auth-cookie' || displayName === 'username then password') return 'ALTERNATIVE';
  return displayName === 'code when there is one' ? 'CONDITIONAL' : 'REQUIRED';
}
