import Bowser from 'bowser';

/** A user agent in words that a person recognises, such as "Firefox on Linux"; a program's own name otherwise. */
export function describeDevice(userAgent: string): string {
  if (userAgent.trim() === '') return 'unknown device';
  const { browser, os } = Bowser.parse(userAgent);
  if (browser.name && os.name) return `${browser.name} on ${os.name}`;
  return (userAgent.split(/[ /]/, 1)[0] ?? '').slice(0, 60);
}
