/** How many links, forms and buttons a page must have that the stranger's page does not have. */
const NEW_EXITS = 5;

const LOG_OUT =
  /(log|sign)[ _-]?(out|off)|abmelden|ausloggen|d[ée]connexion|se d[ée]connecter|cerrar[ _-]?sesi[óo]n|salir|esci|sair|uitloggen|afmelden|wyloguj|выйти/iu;

/**
 * Whether a page looks like one behind a login, by its links, forms and buttons: one to log out, or many that the
 * stranger's page does not have. A step of a login that is not over has few.
 */
export function looksInside(ours: readonly string[], strangers: readonly string[]): boolean {
  return freshIn(ours, strangers).length >= NEW_EXITS || leadsOut(ours, strangers);
}

/** Whether a page can be logged out of, and the stranger's cannot. */
export function leadsOut(ours: readonly string[], strangers: readonly string[]): boolean {
  return freshIn(ours, strangers).some((exit) => LOG_OUT.test(exit));
}

function freshIn(ours: readonly string[], strangers: readonly string[]): string[] {
  const known = new Set(strangers);
  return [...new Set(ours)].filter((exit) => !known.has(exit));
}
