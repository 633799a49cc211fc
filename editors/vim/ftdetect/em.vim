autocmd BufRead,BufNewFile *.em,*.dn setfiletype em
