/** The id by which the API and webhooks name a thing among all types: `Type:uuid`, base64url. */
export const encodeGlobalID = (typename: string, id: string | number | bigint): string =>
  Buffer.from(`${typename}:${id}`).toString('base64url');
