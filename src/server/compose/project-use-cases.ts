import { apiKeyCreate } from '../../usecases/api-key/api-key-create.ts';
import { apiKeyRevoke } from '../../usecases/api-key/api-key-revoke.ts';
import { apiKeyRotate } from '../../usecases/api-key/api-key-rotate.ts';
import { apiKeyUpdate } from '../../usecases/api-key/api-key-update.ts';
import { projectLogoRemove } from '../../usecases/logo/project-logo-remove.ts';
import { projectLogoUploadCreate } from '../../usecases/logo/project-logo-upload-create.ts';
import { projectModerationDecide } from '../../usecases/moderation/project-moderation-decide.ts';
import { projectModerationRequest } from '../../usecases/moderation/project-moderation-request.ts';
import { projectArchive } from '../../usecases/project/project-archive.ts';
import { projectCreate } from '../../usecases/project/project-create.ts';
import { projectRestore } from '../../usecases/project/project-restore.ts';
import { projectUpdate } from '../../usecases/project/project-update.ts';
import { withdrawalAddressAdd } from '../../usecases/withdrawal/withdrawal-address-add.ts';
import { withdrawalAddressRemove } from '../../usecases/withdrawal/withdrawal-address-remove.ts';
import { withdrawalWhitelistUpdate } from '../../usecases/withdrawal/withdrawal-whitelist-update.ts';
import type { Parts } from './parts.ts';

/** The API's use cases of projects, their keys, and where payouts may go. */
export const projectUseCases = (parts: Parts) => ({
  projectCreate: projectCreate(parts),
  projectUpdate: projectUpdate(parts),
  projectArchive: projectArchive(parts),
  projectRestore: projectRestore(parts),
  projectModerationRequest: projectModerationRequest(parts),
  projectModerationDecide: projectModerationDecide(parts),
  projectLogoUploadCreate: projectLogoUploadCreate(parts),
  projectLogoRemove: projectLogoRemove(parts),
  apiKeyCreate: apiKeyCreate(parts),
  apiKeyUpdate: apiKeyUpdate(parts),
  apiKeyRotate: apiKeyRotate(parts),
  apiKeyRevoke: apiKeyRevoke(parts),
  withdrawalAddressAdd: withdrawalAddressAdd(parts),
  withdrawalAddressRemove: withdrawalAddressRemove(parts),
  withdrawalWhitelistUpdate: withdrawalWhitelistUpdate(parts),
});
