interface Span {
  readonly createdFrom?: Date | null | undefined;
  readonly createdBefore?: Date | null | undefined;
}

/** The condition of Prisma for rows of a span of time: from a moment on, and before another one. */
export const createdBetween = ({ createdFrom, createdBefore }: Span) =>
  createdFrom || createdBefore
    ? {
        createdAt: {
          ...(createdFrom ? { gte: createdFrom } : {}),
          ...(createdBefore ? { lt: createdBefore } : {}),
        },
      }
    : {};
