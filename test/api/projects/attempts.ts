import * as operations from '../../../src/generated/documents.ts';
import { attempt, type Attempt } from '../../testkit/outcome.ts';

/** Every root field that names a project, with inputs that change nothing where they are refused. */
export function projectAttempts(projectId: string): Readonly<Record<string, Attempt>> {
  const input = { projectId };
  return {
    projectUpdate: attempt(operations.ProjectUpdateDocument, { input: { projectId, name: '' } }),
    projectArchive: attempt(operations.ProjectArchiveDocument, { input }),
    projectRestore: attempt(operations.ProjectRestoreDocument, { input }),
    projectModerationRequest: attempt(operations.ProjectModerationRequestDocument, { input }),
    projectModerationDecide: attempt(operations.ProjectModerationDecideDocument, {
      input: { projectId, decision: 'ACTIVE' },
    }),
    projectLogoUploadCreate: attempt(operations.ProjectLogoUploadCreateDocument, { input }),
    projectLogoRemove: attempt(operations.ProjectLogoRemoveDocument, { input }),
  };
}
