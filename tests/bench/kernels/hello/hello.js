// How long a program takes that does nothing.
'use strict';

console.log('hello');
