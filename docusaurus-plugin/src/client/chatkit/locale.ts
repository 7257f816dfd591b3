import type {SupportedLocale} from '@openai/chatkit';

const SUPPORTED = [
  'am', 'ar', 'bg', 'bg-BG', 'bn', 'bn-BD', 'bs', 'bs-BA', 'ca', 'ca-ES', 'cs', 'cs-CZ', 'da',
  'da-DK', 'de', 'de-DE', 'el', 'el-GR', 'en', 'es', 'es-419', 'es-ES', 'et', 'et-EE', 'fi',
  'fi-FI', 'fr', 'fr-CA', 'fr-FR', 'gu', 'gu-IN', 'hi', 'hi-IN', 'hr', 'hr-HR', 'hu', 'hu-HU',
  'hy', 'hy-AM', 'id', 'id-ID', 'is', 'is-IS', 'it', 'it-IT', 'ja', 'ja-JP', 'ka', 'ka-GE', 'kk',
  'kn', 'kn-IN', 'ko', 'ko-KR', 'lt', 'lv', 'lv-LV', 'mk', 'mk-MK', 'ml', 'mn', 'mr', 'mr-IN',
  'ms', 'ms-MY', 'my', 'my-MM', 'nb', 'nb-NO', 'nl', 'nl-NL', 'pa', 'pl', 'pl-PL', 'pt-BR',
  'pt-PT', 'ro', 'ro-RO', 'ru', 'ru-RU', 'sk', 'sk-SK', 'sl', 'sl-SI', 'so', 'so-SO', 'sq',
  'sq-AL', 'sr', 'sr-RS', 'sv', 'sv-SE', 'sw', 'sw-TZ', 'ta', 'ta-IN', 'te', 'te-IN', 'th',
  'th-TH', 'tl', 'tr', 'tr-TR', 'uk', 'uk-UA', 'ur', 'vi', 'vi-VN', 'zh', 'zh-CN', 'zh-HK',
  'zh-Hant', 'zh-TW',
] as const satisfies readonly SupportedLocale[];

/** ChatKit's name for a Docusaurus locale: `fr-BE` is `fr`, `pt` is `pt-BR`; undefined if it has none. */
export function toChatKitLocale(locale: string): SupportedLocale | undefined {
  const {language, region} = maximize(locale);
  for (const name of [locale, `${language}-${region ?? ''}`, language]) {
    const supported = SUPPORTED.find((known) => known.toLowerCase() === name.toLowerCase());
    if (supported) {
      return supported;
    }
  }
  return undefined;
}

function maximize(locale: string): {language: string; region?: string} {
  try {
    return new Intl.Locale(locale).maximize();
  } catch {
    return {language: locale};
  }
}
