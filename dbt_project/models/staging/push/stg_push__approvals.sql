{{ config(materialized='table') }}

{{ mapped_records(source('raw_push', 'approvals'), 'approval_id', push_fields()['approvals']) }}
