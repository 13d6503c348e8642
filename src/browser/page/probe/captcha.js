import { closestOf } from './tree.js';

const FRAMES =
  /recaptcha\/(api2|enterprise)\/(anchor|bframe)|hcaptcha\.com|challenges\.cloudflare\.com|arkoselabs|funcaptcha|captcha-delivery\.com|geetest|friendlycaptcha|captcha\.px-/i;
const CONTAINERS =
  '.g-recaptcha, .h-captcha, .cf-turnstile, .frc-captcha, #px-captcha, .geetest_captcha, [class*="captcha" i], [id*="captcha" i], #challenge-form, #cf-challenge-running';
const ANSWERS =
  '[name=g-recaptcha-response], [name=h-captcha-response], [name=cf-turnstile-response], [name=frc-captcha-solution]';

/** Puzzles that wait for a person: where they are, and whether they were solved. Invisible ones are none. */
export function readCaptchas(elements, groups) {
  const solved = elements.some((element) => element.matches(ANSWERS) && element.value !== '');
  if (solved) return [];
  return elements.filter(isPuzzle).map((element) => {
    const form = closestOf(element, 'form, [role=form]');
    return { group: form ? groups.numberOf(element) : -1 };
  });
}

function isPuzzle(element) {
  if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
  if (element.localName === 'iframe') return isPuzzleFrame(element);
  if (
    !element.matches(CONTAINERS) ||
    element.matches('script, style, link, textarea, label, form, body, html')
  )
    return false;
  if (element.dataset.size === 'invisible' || element.matches('.grecaptcha-badge, .grecaptcha-badge *'))
    return false;
  return element.matches('input, img, .g-recaptcha, .h-captcha, .cf-turnstile') || element.offsetHeight > 20;
}

function isPuzzleFrame(frame) {
  const source = frame.getAttribute('src') ?? '';
  if (!FRAMES.test(source) || /size=invisible/.test(source)) return false;
  return frame.offsetHeight > 20 && !closestOf(frame, '.grecaptcha-badge');
}
