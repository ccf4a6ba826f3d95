"""Libraries whose calls hand what they are given to somebody's service: mail, chats, storage, brokers, telemetry."""

_PYTHON_OUT_WORDS = """boto3 aioboto3 botocore minio b2sdk dropbox google.cloud azure
    oss2 qiniu telegram telebot aiogram telethon pyrogram discord discord_webhook dhooks slack_sdk slack slackweb
    slack_webhook smtplib aiosmtplib yagmail sendgrid mailgun resend ftplib aioftp paramiko pysftp asyncssh github
    gitlab gidgethub pymongo motor pika aio_pika kafka aiokafka confluent_kafka paho nats zmq pusher firebase_admin
    supabase pyrebase sentry_sdk rollbar bugsnag posthog mixpanel analytics segment datadog statsd newrelic
    amplitude honeybadger twilio pushbullet pushover notifiers apprise websocket websockets socketio xmlrpc gql
    tweepy praw pastebin huggingface_hub wandb mlflow airtable gspread notion_client ipfshttpclient twine
    postmarker mailjet_rest sib_api_v3_sdk brevo mailersend exchangelib O365 redmail envelopes flask_mail
    django.core.mail.EmailMessage"""
PYTHON_OUT = frozenset(_PYTHON_OUT_WORDS.split())
"""Modules of Python, by root or by their first two names."""

_JAVASCRIPT_OUT_WORDS = """aws-sdk @aws-sdk/client-s3 @aws-sdk/lib-storage
    @aws-sdk/client-sns @aws-sdk/client-sqs @aws-sdk/client-ses minio @google-cloud/storage
    @google-cloud/pubsub @azure/storage-blob dropbox telegraf grammy node-telegram-bot-api gramjs telegram
    discord.js discord-webhook-node eris @slack/webhook @slack/web-api @slack/bolt nodemailer @sendgrid/mail
    mailgun.js resend emailjs emailjs-com @emailjs/browser @octokit/rest @octokit/core octokit @octokit/graphql
    @octokit/request @actions/github gitlab @gitbeaker/rest basic-ftp ftp ssh2 ssh2-sftp-client node-ssh mongodb
    mqtt amqplib kafkajs nats pusher pusher-js ably firebase firebase-admin @supabase/supabase-js @sentry/node
    @sentry/browser @sentry/react @bugsnag/js rollbar posthog-node posthog-js mixpanel mixpanel-browser
    @segment/analytics-node analytics-node @amplitude/node @amplitude/analytics-node @datadog/browser-logs twilio
    socket.io-client graphql-request @apollo/client web-push pastebin-js pastebin-api simple-git isomorphic-git
    ipfs-http-client @notionhq/client airtable googleapis libp2p
    postmark mailersend node-mailjet @getbrevo/brevo sparkpost @mailchimp/mailchimp_transactional sendmail mailgun-js"""
JAVASCRIPT_OUT = frozenset(_JAVASCRIPT_OUT_WORDS.split())

STORES = frozenset({"redis", "aioredis", "valkey", "pymemcache", "psycopg2", "psycopg", "asyncpg", "pymysql", "MySQLdb",
                    "ioredis", "pg", "mysql", "mysql2", "postgres"})  # fmt: skip
"""Where programs of either language keep what is theirs: a key of their own is kept there, a user's leaves."""
