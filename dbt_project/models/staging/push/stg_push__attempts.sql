{{ config(materialized='table') }}

{{ mapped_records(source('raw_push', 'attempts'), 'attempt_id', push_fields()['attempts']) }}
