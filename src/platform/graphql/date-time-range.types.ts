import { Field, InputType } from 'type-graphql';
import { DateTime } from './scalars';

@InputType({
  description:
    'Bounds for an instant; all that are given hold together. Where there is none, no bound holds.',
})
export class DateTimeRange {
  @Field(() => DateTime, { nullable: true, description: 'Later than.' })
  readonly gt?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'At or later than.' })
  readonly gte?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Earlier than.' })
  readonly lt?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'At or earlier than.' })
  readonly lte?: Date | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True for what is without the instant, false for what has it.',
  })
  readonly isNull?: boolean | null;
}
