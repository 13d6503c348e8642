import {
  type ActResult,
  BrowserError,
  type BrowserState,
  type CheckRequest,
  type LoginBrowser,
  type OpenRequest,
  type PageAct,
} from '../../src/browser/login-browser.ts';
import type { LoginVerdict, PageChoice, PageField, PageView } from '../../src/contract/index.ts';

/** What a scripted site shows after an act; `crash`: the browser dies with it. */
export type Reaction =
  | PageView
  | { crash: true; outcome: 'unknown' | 'not_sent' }
  | ({ outcome: 'not_sent'; page?: PageView } & NotSent)
  | { shows: PageView; sent: boolean };

/** What a browser tells of an act of which the site has heard nothing. */
type NotSent = Pick<ActResult, 'sent' | 'reason' | 'missing'>;

/** A site without a browser: pages as data. */
export interface ScriptedSite {
  open(request: OpenRequest): PageView | Promise<PageView>;
  act(typed: Record<string, string>, act: PageAct, page: PageView): Reaction | Promise<Reaction>;
  /** What is shown once something happened elsewhere. */
  elsewhere?: Promise<PageView>;
  check?(request: CheckRequest, signal: AbortSignal): LoginVerdict | Promise<LoginVerdict>;
  /** The picture of a page; default: none. */
  preview?(page: PageView): Promise<Buffer>;
  /** What a parked page shows when it is opened again; default: what was parked. */
  resume?(parked: PageView): PageView;
}

interface Open {
  page: PageView;
  ends: PromiseWithResolvers<'closed' | 'crashed'>;
  wanted: PromiseWithResolvers<'wanted'>;
  isAsked: boolean;
}

export interface ScriptedBrowser extends LoginBrowser {
  /** Everything that was typed, in order. */
  readonly acts: { flowId: string; typed: Record<string, string>; choiceId?: string }[];
  readonly opened: string[];
  /** Whose room was wanted. */
  readonly wanted: string[];
  crash(flowId: string): void;
}

/** A browser of one worker that shows what a site's script says. */
export function createScriptedBrowser(site: ScriptedSite, maxContexts = 20): ScriptedBrowser {
  const open = new Map<string, Open>();
  const acts: ScriptedBrowser['acts'] = [];
  const opened: string[] = [];
  const wanted: string[] = [];
  const needRoom = () => {
    if (open.size < maxContexts) return;
    const idle = [...open.values()].find(({ isAsked }) => !isAsked);
    idle?.wanted.resolve('wanted');
    throw new BrowserError('capacity_reached', 'open');
  };
  const show = (flowId: string, page: PageView) => {
    needRoom();
    open.get(flowId)?.ends.resolve('closed');
    open.set(flowId, {
      page,
      ends: Promise.withResolvers(),
      wanted: Promise.withResolvers(),
      isAsked: false,
    });
    return page;
  };
  const held = (flowId: string, step: string) => {
    const entry = open.get(flowId);
    if (!entry) throw new BrowserError('context_gone', step);
    return entry;
  };
  const close = (flowId: string, how: 'closed' | 'crashed') => {
    open.get(flowId)?.ends.resolve(how);
    open.delete(flowId);
  };

  return {
    acts,
    opened,
    wanted,
    warmUp: async () => undefined,
    crash: (flowId) => close(flowId, 'crashed'),
    async open(request) {
      opened.push(request.flowId);
      return show(request.flowId, await site.open(request));
    },
    async resume({ flowId, parked }) {
      const page = JSON.parse(parked.url) as PageView;
      return show(flowId, site.resume?.(page) ?? page);
    },
    observe: async (flowId) => held(flowId, 'observe').page,
    async whereabouts(flowId) {
      const { page } = held(flowId, 'whereabouts');
      const ssoProvider = 'ssoProvider' in page ? page.ssoProvider : undefined;
      return { url: page.url, ...(ssoProvider !== undefined && { ssoProvider }) };
    },
    async act(flowId, act): Promise<ActResult> {
      const { page } = held(flowId, 'act');
      if (act.fill.some(({ mayBeTypedOn }) => mayBeTypedOn?.(page.url) === false)) {
        return { outcome: 'not_sent', page };
      }
      const fields = page.kind === 'form' || page.kind === 'external' ? page.fields : [];
      const typed = Object.fromEntries(
        act.fill.map(({ fieldId, value }) => [
          fields.find(({ id }) => id === fieldId)?.ref ?? fieldId,
          value,
        ]),
      );
      acts.push({ flowId, typed, ...(act.choiceId !== undefined && { choiceId: act.choiceId }) });
      const reaction = await site.act(typed, act, page);
      if ('crash' in reaction) {
        close(flowId, 'crashed');
        return { outcome: reaction.outcome };
      }
      if ('outcome' in reaction) return { page, ...reaction };
      const shown = 'shows' in reaction ? reaction.shows : reaction;
      const entry = open.get(flowId);
      if (entry) entry.page = shown;
      return { outcome: 'done', page: shown, ...('shows' in reaction && { sent: reaction.sent }) };
    },
    async waitExternal(flowId, _fingerprint, signal) {
      const entry = held(flowId, 'waitExternal');
      const aborted = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
      entry.page = await Promise.race([site.elsewhere ?? aborted, aborted]);
      return entry.page;
    },
    async reading(flowId) {
      const { page } = held(flowId, 'reading');
      const { origin, pathname } = new URL(page.url);
      return [{ origin, path: pathname, snapshot: { url: page.url } }];
    },
    async preview(flowId, { fingerprint }) {
      const { page } = held(flowId, 'preview');
      if (!('fingerprint' in page) || page.fingerprint !== fingerprint) return undefined;
      return site.preview?.(page);
    },
    async capture(flowId) {
      held(flowId, 'capture');
      return aState();
    },
    async park(flowId) {
      const { page } = held(flowId, 'park');
      close(flowId, 'closed');
      const fingerprint = page.kind === 'form' ? page.fingerprint : '';
      return { state: aState(), url: JSON.stringify(page), fingerprint };
    },
    close: async (flowId) => close(flowId, 'closed'),
    watch: async (flowId, signal) => {
      const entry = open.get(flowId);
      if (!entry) return 'absent';
      const stopped = new Promise<'absent'>((resolve) => {
        signal?.addEventListener('abort', () => resolve('absent'), { once: true });
      });
      const asked = entry.isAsked ? [] : [entry.wanted.promise];
      const news = await Promise.race([entry.ends.promise, stopped, ...asked]);
      if (news === 'wanted') {
        entry.isAsked = true;
        wanted.push(flowId);
      }
      return news;
    },
    openContexts: () => open.size,
    async check(request, signal) {
      needRoom();
      return { verdict: (await site.check?.(request, signal)) ?? 'logged_in' };
    },
    async [Symbol.asyncDispose]() {
      for (const flowId of open.keys()) close(flowId, 'closed');
    },
  };
}

function aState(): BrowserState {
  return {
    storage: { cookies: [], origins: [] },
    sessionStorage: {},
    userAgent: 'scripted',
    locale: 'en-US',
    viewport: { width: 1280, height: 800 },
  };
}

/** A field as a browser tells of it. */
export function aField(ref: string, more: Partial<PageField> = {}): PageField {
  const types = { username: 'identifier', password: 'password', code: 'code' } as const;
  const type = types[ref as keyof typeof types] ?? 'text';
  const legacyType = type === 'identifier' ? 'text' : type;
  return {
    id: `fld_${ref}`,
    ref,
    type,
    name: ref,
    legacyType,
    label: ref,
    selector: `#${ref}`,
    required: true,
    ...more,
  };
}

export function aChoice(id: string, more: Partial<PageChoice> = {}): PageChoice {
  return { id, type: 'other', label: id, selector: `//*[@id="${id}"]`, ...more };
}

type Form = Extract<PageView, { kind: 'form' }>;

/** A form of these fields. */
export function aForm(refs: (string | PageField)[], more: Partial<Form> = {}): Form {
  const fields = refs.map((ref) => (typeof ref === 'string' ? aField(ref) : ref));
  return {
    kind: 'form',
    fingerprint: fields.map(({ ref }) => ref).join('+'),
    fields,
    choices: [],
    url: 'https://site.example/login',
    ...more,
  };
}

export const LOGGED_IN: PageView = {
  kind: 'logged_in',
  url: 'https://site.example/home',
  proof: { urls: ['https://site.example/'], postLoginUrl: 'https://site.example/home' },
};
