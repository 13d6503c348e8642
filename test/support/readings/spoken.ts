/** What a login page of a language says. */
export interface Spoken {
  language: string;
  user: string;
  password: string;
  login: string;
  next: string;
  signUp: string;
  logOut: string;
}

const row = (line: string): Spoken => {
  const [language = '', user = '', password = '', login = '', next = '', signUp = '', logOut = ''] = line
    .split('|')
    .map((part) => part.trim());
  return { language, user, password, login, next, signUp, logOut };
};

/** As pages of the language say it, not as our lists are written: with articles, endings and politeness. */
export const SPOKEN: readonly Spoken[] = `
English | Username or email address | Password | Sign in | Continue | Create an account | Sign out
German | Benutzername oder E-Mail | Passwort | Anmelden | Weiter | Konto erstellen | Abmelden
French | Adresse e-mail ou identifiant | Mot de passe | Se connecter | Continuer | Créer un compte | Se déconnecter
Spanish | Correo electrónico o usuario | Contraseña | Iniciar sesión | Siguiente | Crear cuenta | Cerrar sesión
Italian | Nome utente o indirizzo email | Password | Accedi | Avanti | Registrati | Esci
Portuguese | E-mail ou CPF | Senha | Entrar | Próximo | Criar conta | Sair
Dutch | Gebruikersnaam of e-mailadres | Wachtwoord | Inloggen | Volgende | Account aanmaken | Uitloggen
Catalan | Correu electrònic o NIF | Contrasenya | Inicia la sessió | Següent | Crea un compte | Tanca la sessió
Galician | Nome de usuario | Contrasinal | Iniciar sesión | Continuar | Crear unha conta | Pechar sesión
Basque | Erabiltzaile-izena | Pasahitza | Hasi saioa | Jarraitu | Erregistratu | Irten
Swedish | Användarnamn eller e-postadress | Lösenord | Logga in | Fortsätt | Skapa konto | Logga ut
Norwegian | Brukernavn eller e-post | Passord | Logg inn | Neste | Opprett konto | Logg ut
Danish | Brugernavn eller e-mail | Adgangskode | Log ind | Næste | Opret bruger | Log ud
Icelandic | Notandanafn eða netfang | Lykilorð | Innskrá | Áfram | Nýskráning | Útskrá
Finnish | Käyttäjätunnus tai sähköpostiosoite | Salasana | Kirjaudu sisään | Jatka | Rekisteröidy | Kirjaudu ulos
Estonian | Kasutajanimi või e-post | Parool | Logi sisse | Edasi | Loo konto | Logi välja
Latvian | Lietotājvārds vai e-pasts | Parole | Ieiet | Turpināt | Reģistrēties | Iziet
Lithuanian | Vartotojo vardas arba el. paštas | Slaptažodis | Prisijungti | Toliau | Registruotis | Atsijungti
Polish | Nazwa użytkownika lub adres e-mail | Hasło | Zaloguj się | Dalej | Załóż konto | Wyloguj się
Czech | Uživatelské jméno nebo e-mail | Heslo | Přihlásit se | Pokračovat | Vytvořit účet | Odhlásit se
Slovak | Používateľské meno alebo e-mail | Heslo | Prihlásiť sa | Pokračovať | Registrovať sa | Odhlásiť sa
Hungarian | Felhasználónév vagy e-mail cím | Jelszó | Bejelentkezés | Tovább | Regisztráció | Kijelentkezés
Romanian | Nume de utilizator sau adresă de e-mail | Parolă | Autentificare | Continuă | Creează cont | Deconectare
Croatian | Korisničko ime ili e-pošta | Lozinka | Prijavi se | Nastavi | Registracija | Odjavi se
Slovene | Uporabniško ime ali e-pošta | Geslo | Prijava | Naprej | Registracija | Odjava
Albanian | Emri i përdoruesit | Fjalëkalimi | Kyçu | Vazhdo | Regjistrohu | Çkyçu
Turkish | Kullanıcı adı veya e-posta | Şifre | Giriş Yap | Devam Et | Üye Ol | Çıkış Yap
Russian | Логин или электронная почта | Пароль | Войти | Далее | Зарегистрироваться | Выйти
Ukrainian | Ім’я користувача або пошта | Пароль | Увійти | Далі | Зареєструватися | Вийти
Bulgarian | Потребителско име или имейл | Парола | Вход | Напред | Регистрация | Изход
Serbian | Корисничко име или имејл | Лозинка | Пријави се | Настави | Региструј се | Одјави се
Macedonian | Корисничко име | Лозинка | Најави се | Продолжи | Регистрирај се | Одјави се
Greek | Όνομα χρήστη ή email | Κωδικός πρόσβασης | Σύνδεση | Συνέχεια | Εγγραφή | Αποσύνδεση
Georgian | მომხმარებლის სახელი | პაროლი | შესვლა | გაგრძელება | რეგისტრაცია | გამოსვლა
Armenian | Օգտանուն կամ էլ. փոստ | Գաղտնաբառ | Մուտք գործել | Շարունակել | Գրանցվել | Ելք
Arabic | اسم المستخدم أو البريد الإلكتروني | كلمة المرور | تسجيل الدخول | التالي | إنشاء حساب | تسجيل الخروج
Persian | نام کاربری یا ایمیل | رمز عبور | ورود | ادامه | ثبت نام | خروج
Hebrew | שם משתמש או אימייל | סיסמה | התחברות | המשך | הרשמה | התנתקות
Urdu | صارف کا نام یا ای میل | پاس ورڈ | لاگ ان کریں | جاری رکھیں | اکاؤنٹ بنائیں | لاگ آؤٹ
Hindi | उपयोगकर्ता नाम या ईमेल | पासवर्ड | लॉग इन करें | आगे | खाता बनाएं | लॉग आउट
Korean | 아이디 또는 이메일을 입력하세요 | 비밀번호를 입력하세요 | 로그인하기 | 다음 | 회원가입 | 로그아웃
Japanese | ログインIDまたはメールアドレス | パスワードを入力 | ログインする | 次へ進む | 新規会員登録はこちら | ログアウトする
Chinese, simplified | 请输入手机号或邮箱 | 请输入密码 | 立即登录 | 下一步 | 免费注册 | 退出登录
Chinese, traditional | 請輸入帳號或電子郵件 | 請輸入密碼 | 會員登入 | 下一步 | 立即註冊 | 會員登出
Thai | กรอกชื่อผู้ใช้หรืออีเมล | กรอกรหัสผ่าน | เข้าสู่ระบบ | ถัดไป | สมัครสมาชิก | ออกจากระบบ
Vietnamese | Tên đăng nhập hoặc số điện thoại | Mật khẩu | Đăng nhập | Tiếp tục | Đăng ký | Đăng xuất
Indonesian | Nama pengguna atau alamat email | Kata sandi | Masuk | Selanjutnya | Buat akun | Keluar
`
  .trim()
  .split('\n')
  .map(row);
