// Goes through the array from its beginning. Items that are null are passed over.

uses data.query.Group

component provides data.query.Search {
    // The first position from `from` on of an item with this value; the length if there is none.
    int position(Data list[], TypeField field, Dynamic value, int from) {
        int at = from
        while (at < list.arrayLength && (list[at] === null || list[at]:.field != value)) at++
        return at
    }

    // The position of the group with this value; their number if there is none.
    int groupOf(Group groups[], TypeField field, Dynamic value) {
        int at = 0
        while (at < groups.arrayLength && groups[at].cells[0]:.field != value) at++
        return at
    }

    Data[] Search:find(Data list[], TypeField field, Data template) {
        Dynamic value = template:.field
        Data found[]
        int at = position(list, field, value, 0)
        while (at < list.arrayLength) {
            found = new Data[](found, list[at])
            at = position(list, field, value, at + 1)
        }
        return found === null ? null : new Data[](found) from typeof(template)
    }

    Data Search:findFirst(Data list[], TypeField field, Data template) {
        int at = position(list, field, template:.field, 0)
        return at < list.arrayLength ? list[at] : null
    }

    uint64[] Search:findIndex(Data list[], TypeField field, Data template) {
        Dynamic value = template:.field
        uint64 found[]
        int at = position(list, field, value, 0)
        while (at < list.arrayLength) {
            found = new uint64[](found, uint64(at))
            at = position(list, field, value, at + 1)
        }
        return found
    }

    uint64 Search:findFirstIndex(Data list[], TypeField field, Data template) {
        int at = position(list, field, template:.field, 0)
        return at < list.arrayLength ? uint64(at) : Search.NOT_FOUND
    }

    Data[] Search:findDuplicates(Data list[], TypeField field) {
        Data found[]
        for (int i = 0; i < list.arrayLength; i++) {
            if (list[i] === null) continue
            Dynamic value = list[i]:.field
            bool isFirst = position(list, field, value, 0) == i
            bool isShared = position(list, field, value, i + 1) < list.arrayLength
            if (isFirst && isShared) found = new Data[](found, list[i])
        }
        return found === null ? null : new Data[](found) from typeof(list)
    }

    Group[] Search:groupBy(Data list[], TypeField field) {
        Group groups[]
        foreach (Data item in list) {
            if (item === null) continue
            int at = groupOf(groups, field, item:.field)
            if (at == groups.arrayLength) groups = new Group[](groups, new Group())
            Group group = groups[at]
            group.cells = new Data[](group.cells, item) from typeof(list)
        }
        return groups
    }
}
