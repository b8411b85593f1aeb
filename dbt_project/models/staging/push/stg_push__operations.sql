{{ config(materialized='table') }}

{{ mapped_records(source('raw_push', 'operations'), 'operation_id', push_fields()['operations']) }}
