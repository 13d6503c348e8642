import type { WrittenPage } from './written-page.ts';

const links = (count: number, label: string): string =>
  Array.from({ length: count }, (_, n) => `<li><a href="/c/${n}">${label} ${n}</a></li>`).join('');
const boxes = (attributes: (n: number) => string, count = 6): string =>
  Array.from({ length: count }, (_, n) => `<input ${attributes(n)}>`).join('');

/** Pages that begin with a user name, that ask for a code, and that ask for no login at all. */
export const OTHER_PAGES: readonly WrittenPage[] = [
  {
    name: 'subscription-centre-with-image-button',
    asks: ['username:identifier'],
    submit: 'Login',
    html: `<h2>Subscription Centre</h2><form method="post" action="/members/login.php">Already a subscriber? <input type="text" name="email" maxlength="100">
<input type="image" name="login" alt="Login" src=""></form><h1>Yarn calculator</h1><h2>Sign up for Talking Yarn</h2><form name="newsletter" method="post"><input name="newsletter_email"><input type="image" alt="Sign Up" src=""></form>
<form action="/find/search.php" name="search"><input name="query"><input type="image" name="search" alt="Search" src=""></form>
<form name="order" method="post" action="/subscriptions/process"><table><tr><td>First name</td><td><input name="first_name"></td></tr><tr><td>City</td><td><input name="city"></td></tr>
<tr><td>Email</td><td><input name="email"></td></tr></table><input type="image" alt="Send now!" src=""></form>`,
  },
  {
    name: 'identifier-beside-search-and-newsletter',
    asks: ['username:identifier'],
    submit: 'Continue',
    html: `<header><form action="/search"><input name="q" aria-label="Search"><button aria-label="Search"></button></form></header><main><h1>Welcome</h1>
<form action="/identity/login" method="post"><label for="i">Email or user name</label><input id="i" name="identity"><button>Continue</button></form></main>
<section><h2>Our newsletter</h2><form action="/news" method="post"><input type="email" name="mail" placeholder="Email"><button>Submit</button></form></section>`,
  },
  {
    name: 'identifier-without-a-form',
    asks: ['username:identifier'],
    submit: 'Next',
    html: `<header><div role="search"><input placeholder="Search the site"></div></header><div id="app"><div class="card"><div id="t" hidden>Work email</div><h1>Log in to Harbour</h1>
<input type="text" aria-labelledby="t" name="f-0"><div role="button" tabindex="0">Next</div><p>New here? <a href="/signup">Create an account</a></p></div></div>
<footer><p>Get news by mail</p><input type="email" placeholder="you@example.com"><button type="button">Subscribe</button></footer>`,
  },
  {
    name: 'six-telephone-boxes',
    asks: ['code:code'],
    submit: 'Continua',
    html: `<form method="post"><p>Inserisci il codice a 6 cifre</p>${boxes((n) => `type="tel" name="otpCode-${n}" id="ci-otp-${n}" aria-label="${n + 1}-6"`)}<button>Continua</button></form>`,
  },
  {
    name: 'six-boxes-without-a-name',
    asks: ['code:code'],
    submit: 'Verify',
    html: `<h1>Enter the code that we sent to your phone</h1><div style="display:flex">${boxes(() => 'type="number" style="width:40px"')}</div><button type="button">Verify</button>`,
  },
  {
    name: 'boxes-of-which-the-first-takes-all',
    asks: ['code:code'],
    submit: 'Confirm',
    html: `<h1>Two-step verification</h1><form><div style="display:flex">${boxes((n) => `type="text" inputmode="numeric" style="width:36px" maxlength="${n === 0 ? 6 : 1}" name="c${n}"`)}</div><button>Confirm</button></form>`,
  },
  {
    name: 'code-or-recovery-code',
    asks: ['code:code', 'code:code?'],
    submit: 'Confirm',
    html: `<h1>Two-factor challenge</h1><form method="post"><label>Code <input name="code" autocomplete="one-time-code" inputmode="numeric"></label>
<p>Or use one of your recovery codes.</p><label>Recovery code <input name="recovery_code"></label><button>Confirm</button></form>`,
  },
  {
    name: 'checkout',
    asks: [],
    html: `<h2>Contact information</h2><label>Email address <input id="user.email" required></label><label>Phone number <input type="tel" id="user.phone" maxlength="12" required></label>
<h2>Credit or debit card</h2><label>Card number <input type="tel" autocomplete="cc-number" maxlength="19"></label><label>Security code <input type="tel" id="cvv" maxlength="4"></label>
<button type="button">Use a gift card, discount code or store credit</button><button type="button">Place your order</button>`,
  },
  {
    name: 'refund-by-social-security-number',
    asks: [],
    html: `<h1>Get refund status</h1><form method="post" action="/refund"><input type="password" name="TIN3" maxlength="3" aria-label="First three digits of your Social Security Number">
<input type="password" name="TIN2" maxlength="2" aria-label="Second two digits of your Social Security Number"><input name="TIN5" maxlength="4" aria-label="Last four digits of your Social Security Number">
<label>Refund amount <input name="amount"></label><input type="submit" value="Continue to your refund status"></form>`,
  },
  {
    name: 'sign-up-with-a-password-in-sight',
    asks: [],
    html: `<h1>Create your account</h1><form method="post" action="/users"><label>Name <input name="name" autocomplete="name"></label><label>Email <input type="email" name="email"></label>
<label>Password <input type="password" name="password"></label><button>Create account</button></form><button>Sign up with Google</button><p>Have one? <a href="/login">Log in</a></p>`,
  },
  {
    name: 'telephone-shop-without-a-login',
    asks: [],
    html: `<h1>Choose your method of payment</h1><ul>${links(12, 'Mobile phones')}</ul><ul>${links(12, 'E-mail services')}</ul><footer><a href="/sms">SMS alerts</a></footer>`,
  },
  {
    name: 'newsletter-that-speaks-of-signing-in',
    asks: [],
    html: `<header><a href="/login">Sign in</a></header><h1>Garden magazine</h1><form method="post" action="/abo"><p>Our newsletter keeps you informed.</p><input type="email" name="mail" placeholder="E-mail"><button>OK</button></form>`,
  },
];
