/** E.164: a plus sign, a country code that does not begin with 0, at most 15 digits together. */
const E164 = /^\+[1-9]\d{6,14}$/;

export const isPhoneNumber = (text: string): boolean => E164.test(text);

/** Enough to recognise one's own number, and too little to call it: `+491*****67`. */
export const maskedPhone = (phone: string): string =>
  phone.slice(0, 4) + '*'.repeat(phone.length - 6) + phone.slice(-2);
