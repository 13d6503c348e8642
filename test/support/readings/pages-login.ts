import type { WrittenPage } from './written-page.ts';

const links = (count: number, label: string): string =>
  Array.from({ length: count }, (_, n) => `<li><a href="/c/${label}/${n}">${label} ${n}</a></li>`).join('');

const shopHead = `<header><a href="/"><img alt="Fernhill" src=""></a><form action="/find" method="get"><input name="q" placeholder="Search our shop">
<button>Search</button></form><nav><ul>${links(12, 'Garden')}</ul></nav></header>`;
const shopFoot = `<footer><h3>Stay in touch</h3><form action="/subscribe" method="post"><input type="email" name="email" placeholder="Your email">
<button>Sign me up</button></form><ul>${links(9, 'Help')}</ul></footer>`;

/** Pages of a login that ask for a password, written as shops, banks, airlines and old server pages are. */
export const PASSWORD_PAGES: readonly WrittenPage[] = [
  {
    name: 'airline-with-last-name',
    asks: ['username:identifier', 'family:text', 'password:password'],
    submit: 'Log in to my account',
    html: `<div class="panel"><form id="milesLogin" method="post" action="/miles/login/submit"><p>Use your number or your user name. (<span>Required</span>)</p>
<div><label for="milesId">Miles number or user name <span class="req">, required</span></label><input type="text" id="milesId" name="milesId" autocomplete="off"></div>
<a href="/help">Need help?</a><div><label for="family">Last name</label><input type="text" id="family" name="family" required></div>
<div><label for="pw">Password</label><input type="password" id="pw" name="pw"><button type="button" id="tip">About passwords</button></div>
<button type="submit" name="_go">Log in to my account</button><a href="/join">Join for free</a></form></div>`,
  },
  {
    name: 'bank-with-branch',
    asks: ['branch:text?', 'account:text?', 'username:identifier', 'password:password'],
    submit: 'Execute login',
    html: `<form name="loginForm" method="post" action="/trx/login.do"><table><tr><td><label for="branch">Branch (three-digit code)</label>
<input id="branch" name="branch" maxlength="3"></td><td><label for="account">Account (seven-digit)</label><input id="account" name="account" maxlength="7"></td>
<td><label for="sub">Sub-account (two-digit)</label><input id="sub" name="subAccount" maxlength="2"></td>
<td><label for="pin">PIN (five-digit)</label><input type="password" id="pin" name="pin" maxlength="5"></td></tr></table>
<select name="quick"><option value="">Directly to …</option><option value="1">Transfers</option></select><input type="submit" value="Execute login"></form>`,
  },
  {
    name: 'server-page-with-one-form',
    asks: ['username:identifier', 'password:password'],
    submit: 'Login',
    html: `<form name="aspnetForm" id="aspnetForm" method="post" action="/signin.aspx"><nav><input id="box" name="ctl00$search" placeholder="Search"><input type="button" value="Go">
<ul>${links(10, 'Batteries')}</ul></nav><h2>Members</h2>* My e-mail address is: <input type="text" name="ctl00$c$ctrlLogin$UserName" maxlength="100"><br>
* My password is: <input type="password" name="ctl00$c$ctrlLogin$Password"><br><input type="submit" name="ctl00$c$LoginButton" value="Login">
<h3>Forgot it?</h3>* My e-mail address is: <input type="text" name="ctl00$c$ctrlRecover$UserName"><input type="submit" name="ctl00$c$Recover" value="Request a new password">
<div class="foot"><input type="text" name="ctl00$news$Email"><input type="submit" value="Subscribe"></div></form>`,
  },
  {
    name: 'menu-login-above-the-form',
    first: 'u2',
    asks: ['username:identifier', 'password:password'],
    submit: 'Sign in and continue',
    html: `<form id="aspnetForm" method="post" action="/"><nav><ul><li>Account <div><input name="LoginUserName" placeholder="Username"><input type="password" name="LoginPassword" placeholder="Password">
<a href="javascript:void 0">Sign in</a></div></li>${links(14, 'Domains')}</ul></nav><div><h1>Log in to your account</h1><input name="LoginUserName" placeholder="Username" id="u2">
<input type="password" name="LoginPassword" placeholder="Password" id="p2"><input type="submit" name="b" value="Sign in and continue"></div>
<footer><input type="email" name="email" placeholder="someone@example.com"><button type="button">Join</button></footer></form>`,
  },
  {
    name: 'member-or-not-in-one-form',
    asks: ['username:identifier', 'password:password'],
    submit: 'Sign in',
    html: `<form class="form signup" method="post" action="/enter/start"><h2>Become a member?</h2><input type="button" value="Join now">
<h3>Already a member?</h3><div>name <input name="formusername"></div><div>password <input type="password" name="formpassword"></div><input type="submit" name="in" value="Sign in">
<a href="/forgot">forgot</a><h3>Become a member</h3><div>name <input name="new_formusername"></div><div>password <input type="password" name="new_formpassword" autocomplete="new-password"></div>
<div>confirm password <input type="password" name="new_formpassword_confirm"></div><div>email (recommended) <input type="email" name="formemail"></div>
<input type="submit" name="up" value="Join now"></form>`,
  },
  {
    name: 'register-pane-before-sign-in-pane',
    first: 'mail2',
    asks: ['username:identifier', 'password:password'],
    submit: 'Submit',
    html: `<div class="panes"><form class="registration pane reg-form"><h2>Shop Willow</h2><label>Enter your email for instant access. <input name="email"></label>
<label>Choose a Willow password: <input type="password" name="password"></label><label><input type="radio" name="gender" value="f"> Female</label>
<label><input type="radio" name="gender" value="m"> Male</label><input type="submit" value="Submit"></form>
<form class="signin pane sign-in-form" method="post" action="/login/redirect"><h2>Sign in to Willow</h2><label>Email address: <input name="email" id="mail2"></label>
<label>Password: <input type="password" name="password" id="pass2"></label><input type="button" value="Submit"></form>
<form class="forgot-password pane"><h2>Forgot password</h2><label>Email address: <input name="email"></label><input type="button" value="Send email"></form></div>`,
  },
  {
    name: 'shop-with-postcode-and-menus',
    asks: ['username:identifier', 'password:password', 'postcode:text'],
    submit: 'Sign in',
    html: `${shopHead}<div><h4>Shop by room</h4><ul>${links(20, 'Mobile phones')}</ul></div><h1>How would you like to proceed?</h1>
<form id="existing" name="existing" method="post" action="/account/login.page;s=1"><h2>Existing customer</h2><input name="loginID" placeholder="Email address or account number">
<input type="password" name="loginPassword" placeholder="Password"><input name="postcode" placeholder="Postcode" required><input type="submit" value="Sign in"></form>
<form name="newCustomer" action="/account/register.page"><h2>New customer</h2><input type="submit" value="Register"></form>${shopFoot}`,
  },
  {
    name: 'login-behind-450-links',
    large: true,
    asks: ['username:identifier', 'password:password'],
    submit: 'Login',
    html: `<div class="menu"><ul>${links(450, 'Wreath')}</ul></div><form name="top" action="/find.aspx"><input name="SearchTerm" placeholder="Search our store"></form>
<form method="post" action="/signin.aspx"><table><tr><td>E-mail address:</td><td><input name="EMail"></td></tr><tr><td>Password:</td><td><input type="password" name="Password"></td></tr></table>
<input type="submit" value="Login"></form>`,
  },
  {
    name: 'login-behind-what-nobody-sees',
    large: true,
    asks: ['username:identifier', 'password:password'],
    submit: 'Sign in',
    html: `<div style="display:none"><ul>${links(450, 'Hidden')}</ul></div><div style="position:absolute;left:-9999px">${'<input name="trap">'.repeat(420)}</div>
<main><h1>Welcome back</h1><form method="post"><label>User <input name="user"></label><label>Password <input type="password" name="pw"></label><button>Sign in</button></form></main>`,
  },
  {
    name: 'customer-code-beside-a-password',
    asks: ['username:identifier', 'storecode:text?', 'password:password'],
    submit: 'Enter',
    html: `<form action="/entry" method="post"><label>User name <input name="who"></label><label>Store code <input name="storecode" maxlength="6" inputmode="numeric"></label>
<label>Password <input type="password" name="pass"></label><button>Enter</button></form>`,
  },
  {
    name: 'password-and-memorable-word',
    asks: ['username:identifier', 'password:password', 'memorable:password'],
    submit: 'Continue',
    html: `<h1>Log on to online banking</h1><form method="post" action="/logon"><label>Customer number <input name="custno"></label><label>Password <input type="password" name="pass"></label>
<label>Memorable word <input type="password" name="memorable"></label><button>Continue</button></form>`,
  },
  {
    name: 'buttons-outside-of-any-form',
    asks: ['username:identifier', 'password:password'],
    submit: 'Accedir',
    html: `<div class="box"><input name="identificador" placeholder="Identificador d'estudiant (DNI, NIE)" required><input type="password" name="contrasenya" placeholder="Contrasenya" required>
<button name="action">No t'has registrat mai? Registra't</button><button name="action">Accedir</button></div>`,
  },
];
