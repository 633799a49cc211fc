autocmd BufRead,BufNewFile *.em setfiletype em
