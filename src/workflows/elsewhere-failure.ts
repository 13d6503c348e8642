/** Type of the failure by which an activity says that its worker lacks what it needs; its detail is the code of that. */
export const NOT_ON_THIS_WORKER = 'not_on_this_worker';
