" Syntax colours for Em.
if exists("b:current_syntax")
  finish
endif

syntax keyword emDeclaration component interface uses provides requires native transfer store opt const static extends implementation enum event eventsink
syntax keyword emControl if else while for foreach break continue return throw try catch mutex switch case default emitevent sinkevent stopevent
syntax keyword emOperatorWord new clone asynch rclone typeof hastype isset implements super this
syntax keyword emConstant true false null
syntax keyword emType void bool char byte int float int8 int16 int32 int64 uint8 uint16 uint32 uint64 dec int1 int2 int4 int128 int256 int512 dec1 dec2 dec4 dec8 dec16 dec32 dec64 dec128 dec256 dec512 dec1024
syntax keyword emReserved pure idempotent delink fold

" Keywords only in their place.
syntax match emDeclaration /^\s*\zsdata\ze\s\+\h\w*\s*{/
syntax match emControl /\%(\<foreach\s*([^()]*\S\s\+\)\@<=in\ze\s/

syntax match emNumber /\<\d\+\>/
syntax match emNumber /\<0[xX]\x\+\>/
syntax match emNumber /\<\d\+\(\.\d\+\([eE][+-]\?\d\+\)\?\|[eE][+-]\?\d\+\)\>/
syntax match emTypeName /\<\u\w*\>/
syntax match emFunction /\<\h\w*\ze\s*(/

syntax cluster emCode contains=emDeclaration,emControl,emOperatorWord,emConstant,emType,emReserved
syntax cluster emCode add=emNumber,emTypeName,emFunction,emString,emCharacter,emParens

syntax match emEscape /\\\(x\x\x\|[nrt0"'\\$]\)/ contained
syntax match emInterpolation /\$\h\w*/ contained
syntax region emInterpolated matchgroup=emInterpolation start=/\$(/ end=/)/ contained oneline contains=@emCode
syntax region emParens start=/(/ end=/)/ contained oneline contains=@emCode
syntax region emString start=/"/ skip=/\\./ end=/"/ oneline contains=emEscape,emInterpolation,emInterpolated
syntax match emCharacter /'\(\\x\x\x\|\\[nrt0"'\\$]\|[^'\\]\)'/ contains=emEscape

syntax keyword emTodo TODO NOTE contained
syntax match emComment /\/\/.*/ contains=emTodo,@Spell
syntax region emComment start=/\/\*/ end=/\*\// contains=emTodo,@Spell

highlight default link emDeclaration Keyword
highlight default link emControl Statement
highlight default link emOperatorWord Operator
highlight default link emConstant Constant
highlight default link emType Type
highlight default link emReserved Error
highlight default link emTypeName Type
highlight default link emFunction Function
highlight default link emNumber Number
highlight default link emEscape SpecialChar
highlight default link emInterpolation Special
highlight default link emString String
highlight default link emCharacter Character
highlight default link emComment Comment
highlight default link emTodo Todo

let b:current_syntax = "em"
