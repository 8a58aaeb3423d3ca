/** Where the gateway serves logos; the id follows. */
export const LOGO_PATH = '/logos/';

/** Where a file is sent to, with the token of the link. */
export const LOGO_UPLOAD_PATH = '/uploads/logo';
