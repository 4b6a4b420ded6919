/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.migrating;

/** What is compared of a scenario. */
enum Facet {
    /** For each recipient: copies accepted by mail servers, times bounced to the processor, times told to the sender. */
    FATE,
    /** Which mail server has which recipients in one message. */
    COPIES,
    /** {@code MAIL} without SIZE, which RemoteDelivery never sends. */
    MAIL,
    RCPT,
    /** The accepted messages, octet for octet but for James's own {@code Received}. */
    CONTENT,
    /** The client's address and name, TLS, AUTH. */
    SESSION,
    /** How often each server was asked: {@code MAIL}, or connections where it did not come to that. */
    TRIES,
    /** {@code delivery-error}. */
    ERROR,
    /** {@code delivery-error-code}, and whether RemoteDeliveryFailedWithSMTPCode matches 550. */
    CODE,
    /** {@code is-delivery-permanent-error}, and which of the two matchers match. */
    PERMANENT,
    /** Which recipients came to the bounce processor in one mail. */
    BOUNCES,
    /** Which recipients came to the processor of {@code onSuccess}. */
    SUCCESSES,
    /** Which mails {@code ToRepository} of the bounce processor has kept. */
    REPOSITORY,
    /** Which recipients are told of in one mail in the sender's inbox. */
    INBOX
}
