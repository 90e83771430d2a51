/**
 * uPlot makes a number format of the browser's language when it is loaded, and browsers without a
 * language of their own give one that is none (`en-US@posix`, Chromium under LANG=C). To be imported
 * before it.
 */
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true });
}
