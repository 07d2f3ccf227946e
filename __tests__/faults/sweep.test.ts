import { short } from '../support/effort.ts';
import { testApplySweep } from './sweep-apply.ts';
import { testMirrorSweep } from './sweep-mirror.ts';

testMirrorSweep(short);
testApplySweep(short);
