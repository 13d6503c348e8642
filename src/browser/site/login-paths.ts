/** Where sites keep their login, the likeliest first; tried where neither a form nor a link leads to it. */
export const LOGIN_PATHS: readonly string[] = [
  '/login',
  '/signin',
  '/sign-in',
  '/log-in',
  '/account/login',
  '/accounts/login',
  '/users/sign_in',
  '/auth/login',
  '/user/login',
  '/admin/login',
];
