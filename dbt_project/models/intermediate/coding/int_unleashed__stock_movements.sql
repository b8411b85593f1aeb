{{ no_stock_movements('unleashed') }}
