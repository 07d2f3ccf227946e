import { long } from '../support/effort.ts';
import { testApplySweep } from './sweep-apply.ts';
import { testMirrorSweep } from './sweep-mirror.ts';

testMirrorSweep(long);
testApplySweep(long);
