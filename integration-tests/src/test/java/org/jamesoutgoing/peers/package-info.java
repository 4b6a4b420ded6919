/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
/**
 * The SMTP client alone against real servers: Postfix, Exim and OpenSMTPD, each with what it offers. The only tests here that
 * have the service's classes on their class path; they start no James.
 *
 * <p>Start reading at {@link org.jamesoutgoing.peers.PeerContract}, which holds at every peer.
 */
package org.jamesoutgoing.peers;
