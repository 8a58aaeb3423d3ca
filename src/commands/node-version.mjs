// Runs before everything else, also on a Node that cannot read TypeScript.
const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 24) {
  console.error(
    `Paybell runs on Node 24; this is ${process.versions.node}. On Linux and Windows "npm ci" brings it along ` +
      '(optional dependencies must not be left out); elsewhere install Node 24 and run the command again.',
  );
  process.exit(1);
}
