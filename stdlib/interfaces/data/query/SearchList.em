// Looks for data in lists, as `Search` does in arrays.

uses data.adt.List
uses data.query.Group

interface SearchList {
    Data[] find(List list, TypeField field, Data template)
    Data findFirst(List list, TypeField field, Data template)
    Data[] findDuplicates(List list, TypeField field)
    Group[] groupBy(List list, TypeField field)
}
