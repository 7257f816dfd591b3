const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** "2 hours ago" in the language of the page; "" for a date that is none. */
export function relativeDate(date: string, now: number, locale: string): string {
  const seconds = (Date.parse(date) - now) / 1000;
  if (Number.isNaN(seconds)) {
    return '';
  }
  const format = new Intl.RelativeTimeFormat(supported(locale), {numeric: 'auto'});
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) {
      return format.format(Math.round(seconds / size), unit);
    }
  }
  return format.format(0, 'second');
}

/** "14:05", or "Friday 14:05" when it is not today, in the language of the page. */
export function timeOf(time: number, now: number, locale: string): string {
  const today = new Date(time).toDateString() === new Date(now).toDateString();
  const parts: Intl.DateTimeFormatOptions = {hour: 'numeric', minute: '2-digit', ...(today ? {} : {weekday: 'long'})};
  return new Intl.DateTimeFormat(supported(locale), parts).format(time);
}

/** A site's locale may be a name of its own, which `Intl` refuses: then the browser's language. */
function supported(locale: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(locale)[0];
  } catch {
    return undefined;
  }
}
