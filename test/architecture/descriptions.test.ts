import {
  type GraphQLArgument,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { expect, test } from 'vitest';
import { buildSchema } from '../../src/graphql/core/schema.ts';

/** Every place of the schema that can carry a description, with the one that it has. */
function described(): [place: string, description: string | null | undefined][] {
  return Object.values(buildSchema().getTypeMap())
    .filter((type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type))
    .flatMap((type) => {
      const rows: [string, string | null | undefined][] = [[type.name, type.description]];
      if (isEnumType(type)) {
        rows.push(
          ...type
            .getValues()
            .map((v): [string, typeof v.description] => [`${type.name}.${v.name}`, v.description]),
        );
      }
      if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) {
        for (const field of Object.values(type.getFields())) {
          rows.push([`${type.name}.${field.name}`, field.description]);
          const args: readonly GraphQLArgument[] = 'args' in field ? field.args : [];
          rows.push(
            ...args.map((a): [string, string | null | undefined] => [
              `${type.name}.${field.name}(${a.name})`,
              a.description,
            ]),
          );
        }
      }
      return rows;
    });
}

test('every type, field, argument and enum value has a description', () => {
  const places = described();
  expect(places.length).toBeGreaterThan(300);
  expect(places.filter(([, description]) => !description?.trim()).map(([place]) => place)).toEqual([]);
});
