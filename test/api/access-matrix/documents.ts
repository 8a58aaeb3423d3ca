import {
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isUnionType,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLNamedOutputType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';

export type Field = GraphQLField<unknown, unknown>;
export type Operation = 'query' | 'mutation' | 'subscription';

/** The root fields of the schema with their names in the matrix. */
export function rootFields(schema: GraphQLSchema): { key: string; operation: Operation; field: Field }[] {
  const roots = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
    ['subscription', schema.getSubscriptionType()],
  ] as const;
  return roots.flatMap(([operation, type]) =>
    fieldsOf(type).map((field) => ({ key: `${type?.name}.${field.name}`, operation, field })),
  );
}

/** The types whose things have global ids. */
export function nodeTypes(schema: GraphQLSchema): readonly GraphQLObjectType[] {
  const node = schema.getType('Node');
  return isInterfaceType(node) ? schema.getPossibleTypes(node) : [];
}

/** The fields of node types that lead to other rows, or have a scope of their own: each needs a row in the matrix. */
export function guardedFields(
  schema: GraphQLSchema,
): { key: string; type: GraphQLObjectType; field: Field }[] {
  const nodes = new Set<GraphQLNamedOutputType>(nodeTypes(schema));
  return [...nodeTypes(schema)].flatMap((type) =>
    fieldsOf(type)
      .filter(
        (field) => nodes.has(rowTypeOf(field)) || isConnection(field) || hasScopes(field) || needsArgs(field),
      )
      .map((field) => ({ key: `${type.name}.${field.name}`, type, field })),
  );
}

/** A document that asks one root field, with these arguments, for all that is plain in its answer. */
export function rootDocument(operation: Operation, field: Field, names: readonly string[]): string {
  const variables = names.map((name) => `$${name}: ${argType(field, name)}`).join(', ');
  const passed = names.map((name) => `${name}: $${name}`).join(', ');
  const head = variables === '' ? operation : `${operation} (${variables})`;
  const selection = selectionOf(getNamedType(field.type));
  return `${head} { ${field.name}${passed === '' ? '' : `(${passed})`} ${selection} }`;
}

/** A document that asks for a thing by its global id, or for one field of it. */
export function nodeDocument(type: GraphQLObjectType, field?: Field): string {
  const below = field
    ? `{ __typename ${field.name} ${selectionOf(getNamedType(field.type))} }`
    : selectionOf(type);
  return `query ($id: ID!) { node(id: $id) { __typename ... on ${type.name} ${below} } }`;
}

function argType(field: Field, name: string): string {
  const arg = field.args.find((a) => a.name === name);
  if (!arg) throw new Error(`${field.name} takes no argument ${name}`);
  return String(arg.type);
}

/** Every plain field; of lists of rows the rows; of unions the name and the code of a refusal. */
function selectionOf(type: GraphQLNamedOutputType): string {
  if (isLeafType(type)) return '';
  if (isUnionType(type)) {
    const refusable = type.getTypes().some((t) => t.getInterfaces().some(({ name }) => name === 'UserError'));
    return `{ __typename ${refusable ? '... on UserError { code message }' : ''} }`;
  }
  if (isInterfaceType(type)) return '{ __typename }';
  const row = connectionRow(type);
  if (row) return `{ edges { node ${selectionOf(row)} } }`;
  return `{ __typename ${plainFields(type).join(' ')} }`;
}

const plainFields = (type: GraphQLObjectType): string[] =>
  fieldsOf(type)
    .filter((field) => isLeafType(getNamedType(field.type)) && !hasScopes(field) && !needsArgs(field))
    .map(({ name }) => name);

/** The type of a connection's rows; undefined for what is no connection. */
function connectionRow(type: GraphQLNamedOutputType): GraphQLNamedOutputType | undefined {
  if (!isObjectType(type)) return undefined;
  const { edges } = type.getFields();
  const edge = edges && getNamedType(edges.type);
  const node = isObjectType(edge) ? edge.getFields()['node'] : undefined;
  return node && getNamedType(node.type);
}

const rowTypeOf = (field: Field): GraphQLNamedOutputType => {
  const type = getNamedType(field.type);
  return connectionRow(type) ?? type;
};

const isConnection = (field: Field): boolean => connectionRow(getNamedType(field.type)) !== undefined;

/** Whether the code gives the field an authorization scope of its own; the printed schema does not tell. */
function hasScopes({ extensions }: Field): boolean {
  const options = extensions['pothosOptions'];
  return typeof options === 'object' && options !== null && 'authScopes' in options;
}

const needsArgs = ({ args }: Field): boolean =>
  args.some(({ type, defaultValue }) => String(type).endsWith('!') && defaultValue === undefined);

const fieldsOf = (type: GraphQLObjectType | GraphQLInterfaceType | null | undefined): readonly Field[] =>
  Object.values(type?.getFields() ?? {});
