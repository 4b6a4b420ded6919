/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
/** What is told of attempts and of the queue to those who watch: the attempt log, metrics among James's own, rates. It listens to {@code delivery}, which does not know it. */
package org.jamesoutgoing.monitoring;
