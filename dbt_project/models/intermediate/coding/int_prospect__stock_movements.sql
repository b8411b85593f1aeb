{{ no_stock_movements('prospect') }}
