import { type CallState, isOpen } from './call-state.ts';
import { bytesOf, MAX_CARRIED_TEXT } from './sizes.ts';
import { callsOf, type TurnState } from './turn-state.ts';

/**
 * What of a state goes into the next workflow run: calls that are open, and a short text. Of calls that have their result
 * the archive knows everything; who asks for them is answered from there.
 */
export function carriedState(state: TurnState, bytes: number): TurnState {
  const open = callsOf(state).filter(isOpen);
  return lighten(
    {
      ...state,
      text: state.text.slice(0, MAX_CARRIED_TEXT),
      calls: Object.fromEntries(open.map((call) => [call.callId, call])),
      order: open.map(({ callId }) => callId),
    },
    bytes,
  );
}

/**
 * A state of at most so many bytes of JSON, as far as that can be had: calls that have their result lose their inputs, the
 * oldest first. Their digests stay, and the archive has them whole.
 */
export function lighten(state: TurnState, bytes: number): TurnState {
  let surplus = bytesOf(JSON.stringify(state)) - bytes;
  if (surplus <= 0) return state;
  const calls = { ...state.calls };
  for (const call of callsOf(state).filter((each) => !isOpen(each))) {
    if (surplus <= 0) break;
    const light = withoutInputs(call);
    surplus -= bytesOf(JSON.stringify(call)) - bytesOf(JSON.stringify(light));
    calls[call.callId] = light;
  }
  return { ...state, calls };
}

function withoutInputs(call: CallState): CallState {
  const { resolution, asked } = call;
  return {
    ...call,
    input: {},
    ...(asked && { asked: { ...asked, input: {} } }),
    ...(resolution?.editedInput && { resolution: { ...resolution, editedInput: {} } }),
  };
}
