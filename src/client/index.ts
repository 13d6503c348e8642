export { allOf, type Client, createClient } from './client.ts';
export { ApiError, ConnectionError } from './errors.ts';
export type { Connectedness, FollowOptions, Frame } from './follow.ts';
export type { ApprovalFrame, LoginFrame, LoginState } from './other-courses.ts';
export type { Answer, ClientOptions, Fetch, RequestOptions, Sent } from './transport.ts';
export type { Reset, SessionFrame, SessionSnapshot, TurnFrame } from './turn-course.ts';
export type { ResumeOptions, StartOptions } from './turns.ts';
export type { Sleep } from './waits.ts';
