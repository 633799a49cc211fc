// Searches in the contents of the list, which the search of arrays is asked for.

uses data.adt.List
uses data.query.Group

component provides data.query.SearchList requires data.query.Search search {
    // The contents, as an array of the type of what is in it if that is one.
    Data[] items(List list) {
        Data all[]
        Type type
        bool isOne = true
        for (int i = 0; i < list.getLength(); i++) {
            Data item = list.getIndex(i)
            all = new Data[](all, item)
            if (item === null) continue
            isOne = isOne && (type === null || type === typeof(item))
            type = typeof(item)
        }
        return type !== null && isOne ? new Data[](all) from type : all
    }

    Data[] SearchList:find(List list, TypeField field, Data template) {
        return search.find(items(list), field, template)
    }

    Data SearchList:findFirst(List list, TypeField field, Data template) {
        return search.findFirst(items(list), field, template)
    }

    Data[] SearchList:findDuplicates(List list, TypeField field) {
        return search.findDuplicates(items(list), field)
    }

    Group[] SearchList:groupBy(List list, TypeField field) {
        return search.groupBy(items(list), field)
    }
}
