component provides Till {
    void Till:take(dec price) {
        total += price
        prices = new dec[](prices, price)
    }
    char[] Till:text() {
        return "loud $total of $(prices.arrayLength), last $(prices[prices.arrayLength - 1])"
    }
}
