/** No wallet accepts this as an address, so nobody can send real coins to something of TEST mode (FEATURES D16). */
export const testAddress = (network: string, ownerId: string): string => `TEST-${network}-${ownerId}`;
