import { describe, expect, it } from '@jest/globals';
import { consentButtonOf, isAboutConsent } from '../../src/browser/page/consent/consent-label.ts';
import { CONSENT_WORDS } from '../../src/browser/page/consent/words/all-languages.ts';

/** As notices of that language have them: refuse, necessary only, keep the selection, settings, close, accept. */
const LABELS: Record<keyof typeof CONSENT_WORDS, [string, string, string, string, string, string]> = {
  en: ['Reject all', 'Only necessary', 'Save preferences', 'Manage options', 'Close', 'Accept all cookies'],
  de: [
    'Alle ablehnen',
    'Nur notwendige Cookies',
    'Auswahl speichern',
    'Einstellungen',
    'Schließen',
    'Alle akzeptieren',
  ],
  fr: [
    'Continuer sans accepter',
    'Uniquement les cookies nécessaires',
    'Enregistrer mes choix',
    'Paramétrer les cookies',
    'Fermer',
    'Tout accepter',
  ],
  es: [
    'Rechazar todas',
    'Solo las necesarias',
    'Guardar preferencias',
    'Configurar cookies',
    'Cerrar',
    'Aceptar todas las cookies',
  ],
  it: [
    'Rifiuta tutti',
    'Solo necessari',
    'Salva le preferenze',
    'Gestisci le preferenze',
    'Chiudi',
    'Accetta tutti',
  ],
  pt: [
    'Rejeitar todos',
    'Apenas os necessários',
    'Guardar escolhas',
    'Gerir cookies',
    'Fechar',
    'Aceitar todos',
  ],
  nl: [
    'Alles weigeren',
    'Alleen noodzakelijke cookies',
    'Selectie opslaan',
    'Instellingen',
    'Sluiten',
    'Alle cookies accepteren',
  ],
  nordic: [
    'Avvisa alla',
    'Bara nödvändiga kakor',
    'Spara mina val',
    'Inställningar',
    'Stäng',
    'Godkänn alla kakor',
  ],
  pl: [
    'Odrzuć wszystkie',
    'Tylko niezbędne',
    'Zapisz ustawienia',
    'Ustawienia plików cookie',
    'Zamknij',
    'Akceptuję wszystkie',
  ],
  cs: ['Odmítnout vše', 'Pouze nezbytné', 'Uložit nastavení', 'Podrobné nastavení', 'Zavřít', 'Přijmout vše'],
  east: [
    'Respinge toate',
    'Csak a szükségesek',
    'Seçimi kaydet',
    'Beállítások',
    'Kapat',
    'Összes elfogadása',
  ],
  ru: ['Отклонить все', 'Только необходимые', 'Сохранить настройки', 'Настроить', 'Закрыть', 'Принять все'],
  el: [
    'Απόρριψη όλων',
    'Μόνο τα απαραίτητα',
    'Αποθήκευση ρυθμίσεων',
    'Ρυθμίσεις',
    'Κλείσιμο',
    'Αποδοχή όλων',
  ],
  ja: ['すべて拒否', '必要なもののみ', '選択を保存', '設定を管理', '閉じる', 'すべて同意する'],
  zh: ['全部拒绝', '仅接受必要', '保存设置', '管理偏好', '关闭', '接受全部'],
  ko: ['모두 거부', '필수 쿠키만 허용', '선택 저장', '쿠키 설정', '닫기', '모두 동의'],
  ar: ['رفض الكل', 'الضرورية فقط', 'حفظ الإعدادات', 'إدارة الإعدادات', 'إغلاق', 'قبول الكل'],
};

const MEANINGS = ['reject', 'necessary', 'save', 'settings', 'close', 'accept'];

describe('consentButtonOf', () => {
  it.each(Object.keys(CONSENT_WORDS))('tells what the buttons of a notice in %s do', (language) => {
    expect(LABELS[language]?.map(consentButtonOf)).toEqual(MEANINGS);
  });

  it.each([
    ['Decline', 'reject'],
    ['I do not accept', 'reject'],
    ['Continue without Accepting →', 'reject'],
    ['No, thanks', 'reject'],
    ['DISAGREE', 'reject'],
    ['Reject optional cookies', 'reject'],
    ['Do not consent', 'reject'],
    ['Use necessary cookies only', 'necessary'],
    ['Accept essential cookies only', 'necessary'],
    ['Strictly necessary only', 'necessary'],
    ['Allow selection', 'save'],
    ['Confirm My Choices', 'save'],
    ['Cookie Settings', 'settings'],
    ['Customise', 'settings'],
    ['More options', 'settings'],
    ['×', 'close'],
    ['Got it!', 'acknowledge'],
    ['I Accept', 'accept'],
    ['AGREE', 'accept'],
    ['Allow all', 'accept'],
    ['Ablehnen', 'reject'],
    ['Einwilligen', 'accept'],
    ['Nur essenzielle Cookies akzeptieren', 'necessary'],
    ['Tout refuser', 'reject'],
    ["J'accepte", 'accept'],
    ['Afvis alle', 'reject'],
    ['Hyväksy kaikki', 'accept'],
  ])('reads "%s" as %s', (label, meaning) => {
    expect(consentButtonOf(label)).toBe(meaning);
  });

  it.each(['Reject and subscribe', 'Accept and log in', 'Mit Werbefrei-Abo', "S'abonner", '登录并同意'])(
    'never takes "%s" for an answer',
    (label) => {
      expect(consentButtonOf(label)).toBe('pay');
    },
  );

  it.each([
    'Log in with cookies',
    'Privacy policy',
    'Learn more',
    'Delete account',
    'Continue to checkout',
    'Impressum',
    'Sends',
    '',
  ])('knows no answer in "%s"', (label) => {
    expect(['reject', 'necessary', 'save', 'close', 'acknowledge', 'accept']).not.toContain(
      consentButtonOf(label),
    );
  });
});

describe('isAboutConsent', () => {
  it.each([
    'We use cookies and similar technologies.',
    'Wir benötigen Ihre Einwilligung',
    'Nous respectons votre vie privée',
    'Utilizamos cookies propias y de terceros',
    '当サイトではCookieを使用しています',
    '我们重视您的隐私',
    '개인정보 보호를 소중히 여깁니다',
  ])('finds it in "%s"', (text) => {
    expect(isAboutConsent(text)).toBe(true);
  });

  it('does not find it in what other dialogs say', () => {
    expect(isAboutConsent('Get 10 % off your first order. Enter your e-mail address.')).toBe(false);
    expect(isAboutConsent('Are you over 18?')).toBe(false);
  });
});
