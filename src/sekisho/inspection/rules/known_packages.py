"""Names that everyone knows, for `near_names`: what is often imitated, and what is itself near to that and honest."""

_PYTHON = """
    requests urllib3 boto3 botocore setuptools certifi charset-normalizer typing-extensions numpy pandas
    python-dateutil packaging cryptography pydantic pyyaml protobuf pyasn1 jinja2 markupsafe aiohttp attrs click
    colorama pytest pytz rsa scipy sqlalchemy tqdm wheel werkzeug beautifulsoup4 lxml pillow psutil virtualenv
    importlib-metadata jsonschema flask django fastapi starlette uvicorn gunicorn httpx httpcore websockets
    websocket-client selenium scrapy matplotlib scikit-learn tensorflow keras torch torchvision transformers
    huggingface-hub openai anthropic langchain opencv-python paramiko fabric invoke ansible celery redis pymongo
    psycopg2 psycopg2-binary psycopg mysqlclient pymysql asyncpg python-dotenv dotenv poetry pipenv black flake8
    pylint mypy isort coverage hypothesis tox nox mock faker web3 eth-account eth-abi eth-utils eth-keys eth-hash
    eth-typing eth-rlp hexbytes py-solc-x vyper brownie ccxt bitcoinlib python-bitcoinlib python-bitcoinrpc base58
    ecdsa coincurve pycryptodome pycryptodomex pycrypto bip32 bip39 bip-utils mnemonic hdwallet embit bdkpython
    solana solders anchorpy xrpl-py tronpy pysha3 safe-pysha3 cffi pycparser orjson simplejson marshmallow sympy
    networkx seaborn plotly streamlit jupyter notebook ipython ipykernel jupyterlab nltk spacy gensim discord
    discord-py telethon python-telegram-bot tweepy termcolor tabulate openpyxl xlrd xlsxwriter pyjwt oauthlib
    requests-oauthlib passlib bcrypt pynacl keyring twine build hatchling flit sphinx mkdocs docutils pygments
    prompt-toolkit textual typer loguru sentry-sdk prometheus-client grpcio kubernetes docker boto moto azure-core
    google-auth google-api-python-client pyarrow polars duckdb dask distributed numba joblib cloudpickle
    backtrader yfinance alpaca-py python-binance freqtrade playwright pyppeteer pyautogui pynput pyperclip
    colorlog pyinstaller cython gevent greenlet tornado twisted sanic bottle falcon pyramid quart aiofiles anyio
    trio httplib2 requests-cache requests-mock request httptools pytest-cov pytest-mock pytest-xdist
    pytest-asyncio
    aiofile authlib bpython ctransformers djongo fabric2 fabric3 fastai google-oauth grequests gsutil ipytest
    psycopg-binary pylink pymssql pytest-csv retworkx scrypt solara spython unicorn websocket willow
"""
_NODE = """
    react react-dom react-router react-router-dom react-redux redux preact next nuxt vue vuex vue-router svelte
    angular express koa fastify hapi body-parser cookie-parser cors helmet morgan multer passport jsonwebtoken
    bcrypt bcryptjs lodash underscore ramda axios request superagent node-fetch cross-fetch isomorphic-fetch got
    needle undici moment dayjs date-fns luxon chalk colors commander yargs minimist inquirer ora debug winston
    pino dotenv cross-env rimraf mkdirp glob globby fs-extra chokidar nodemon concurrently husky lint-staged
    prettier eslint typescript ts-node tsx webpack webpack-cli webpack-dev-server rollup vite vitest esbuild
    parcel babel-core babel-loader babel-jest babel-eslint babel-preset-env jest mocha chai sinon jasmine karma
    cypress playwright puppeteer puppeteer-core selenium mongoose mongodb mysql mysql2 sequelize typeorm prisma
    knex sqlite3 better-sqlite3 redis ioredis socket.io socket.io-client websocket graphql apollo-server
    apollo-client tailwindcss postcss autoprefixer sass node-sass less styled-components bootstrap jquery three d3
    chart.js electron electron-builder discord.js discord.js-selfbot-v13 ethers web3 viem wagmi hardhat truffle
    ganache bip32 bip39 bip66 bitcoinjs-lib tiny-secp256k1 secp256k1 elliptic ethereumjs-util ethereumjs-wallet
    ethereumjs-tx keccak256 keccak bs58 bs58check base-x bn.js big.js bignumber.js crypto-js crypto-browserify
    noble-secp256k1 solana-web3.js tweetnacl uuid nanoid semver validator async bluebird rxjs zod yup joi ajv
    formik ejs handlebars pug mustache nunjucks nodemailer sharp jimp node-gyp node-pre-gyp cheerio jsdom
    http-proxy http-proxy-middleware serve-static compression express-session express-validator connect-mongo
    mongoose uglify-js terser browserify gulp grunt eslint-plugin-react eslint-plugin-import
    eslint-config-prettier eslint-plugin-prettier stylelint storybook lerna turbo pnpm yarn npm fastify-plugin
    through2 event-stream ua-parser-js coffee-script coffeescript shelljs execa cross-spawn which open loglevel
    classnames clsx prop-types immer mobx zustand react-scripts react-native expo react-hook-form framer-motion
    swr immutable memoize-one memoize big-integer big-number decimal.js decimal.js-light fraction.js mathjs
    ethjs-unit web3-utils number-to-bn bignumber biginteger
    dtslint colord crypto-es enquirer graphiql http2-proxy is-node jslint memize memoizee mkdirp2 mquery ps-node scrypt
    sqlite storyblok through tslint tslint-config-prettier tslint-plugin-prettier ttypescript uglify-es
"""

PYTHON = frozenset(_PYTHON.split())
NODE = frozenset(_NODE.split())

KEEPERS = frozenset(
    {"ethers", "web3", "viem", "wagmi", "bip32", "bip39", "bitcoinjs-lib", "tiny-secp256k1", "secp256k1", "elliptic",
     "ethereumjs-util", "ethereumjs-wallet", "ethereumjs-tx", "bs58", "bs58check", "tweetnacl", "solana-web3.js"}
)  # fmt: skip
"""Libraries of npm's that are given the keys of wallets: nobody has one of another's making under their names."""
