{{ config(materialized='table') }}

{{ mapped_records(source('raw_push', 'plans'), 'plan_id', push_fields()['plans']) }}
