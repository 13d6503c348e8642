/** Origin and path of a URL: what may be shown of it. Empty where it is no web address. */
export function shownUrl(text: string): string {
  const url = URL.parse(text);
  return url === null || !/^https?:$/.test(url.protocol) ? '' : url.origin + url.pathname;
}
